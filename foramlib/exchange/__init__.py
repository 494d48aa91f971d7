"""What leaves the building: images, and later decks, quizzes and sites."""
