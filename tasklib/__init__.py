"""What tasks.py leans on: command builders, the door to the shell, and one module for each subject of the menu."""
