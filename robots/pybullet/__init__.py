"""Room robots: the PyBullet household."""
