"""Working copies, launcher and checks of the lessons."""
