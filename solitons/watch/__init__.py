"""`solitons watch`: a page on a store, for looking while a campaign runs.

It reads the store and nothing else, so that it is right after ``kill -9`` and serves any number of people at once:

- `states` looks at the store, at most once a second however many ask;
- `open_runs`, `pictures` and `observables` show one run, stored or being computed;
- `fits` reads what a campaign has found;
- `server` answers requests (tornado), `access` checks who may ask what;
- `page/` is the page: HTML, a style sheet and two scripts, sent as they lie there.
"""
