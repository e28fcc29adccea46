"""Common framework of campaigns: their contract, and the workflow that runs them."""
