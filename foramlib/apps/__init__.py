"""Interactive apps and the widgets they are made of."""
