"""What campaigns that fit Thiele's equation to skyrmions share: no kind of its own."""
