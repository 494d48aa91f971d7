"""Charts that teach: each has its numbers, its picture and its words."""
