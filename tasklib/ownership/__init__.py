"""Making the project one's own: a new application, and the sample taken away."""
