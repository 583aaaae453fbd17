"""What holds for all tests: none asserts a time, hypothesis's own deadline included."""

from hypothesis import settings

settings.register_profile("suifang", deadline=None)
settings.load_profile("suifang")
