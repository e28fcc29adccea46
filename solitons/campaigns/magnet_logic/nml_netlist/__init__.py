"""A drawn array of nanomagnets: its truth table, how often heat makes each row wrong, and which magnet fails first."""
