"""What all kinds of campaigns share: their contract, and the workflow that runs them."""
