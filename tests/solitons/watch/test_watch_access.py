"""Who may ask for what: tokens, hosts, other sites, names that lead elsewhere; and what goes with every answer."""

import json
import socket

from rows import rows

from solitons.watch import access

PAGES = ["", "page.css", "page.js", "charts.js", "runs", "wheel.png"]
EVERYTHING = [*PAGES, "run/{}", "run/{}/solitons", "run/{}/picture"]


@rows(
    ("header", "allowed"),
    [
        ("localhost:8642", True),
        ("127.0.0.1", True),
        ("[::1]:8642", True),
        ("10.1.2.3:8642", True),
        (socket.gethostname(), True),
        ("evil.example:8642", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_a_host_is_an_address_or_a_name_of_this_machine(header, allowed):
    assert access.is_allowed_host(header, access.names_of_here("127.0.0.1")) is allowed


def test_the_name_that_it_is_asked_to_listen_on_is_allowed(watched, asking, monkeypatch):
    asked = []

    def look_up():
        asked.append("DNS")
        return "here.example"

    monkeypatch.setattr(socket, "getfqdn", look_up)

    async def work(server):
        # Names are looked up before anybody is served: the DNS may take its time.
        assert asked == ["DNS"]
        for host, code in (("alias.example", 200), ("here.example:80", 200), ("evil.example", 403)):
            assert (await server.ask("runs", headers={"Host": host})).code == code, host
        assert asked == ["DNS"]

    asking(watched.store, work, host="Alias.example")


def test_tokens_cannot_be_guessed():
    tokens = {access.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 32


def test_everything_is_there_with_the_token_and_nothing_without(watched, asking):
    async def work(server):
        for path in EVERYTHING:
            asked = path.format(watched.ids[0])
            right = await server.ask(asked)
            assert right.code == 200, (asked, right.body)
            wrong = f"http://127.0.0.1:{server.port}/"
            for base in (wrong, f"{wrong}the-token-of-the-test/", f"{wrong}%74he-token-of-others/"):
                answer = await server.ask(asked, base=base)
                assert answer.code in (404, 400), (base, asked)
                assert watched.ids[0].encode() not in answer.body

    asking(watched.store, work)


def test_every_answer_has_its_policy_and_names_the_address_to_nobody(watched, asking):
    async def work(server):
        for path in [*EVERYTHING, "run/nothing", "no/such/path"]:
            headers = (await server.ask(path.format(watched.ids[0]))).headers
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert "Access-Control-Allow-Origin" not in headers
            assert "Set-Cookie" not in headers

    asking(watched.store, work)


def test_other_hosts_and_other_sites_are_refused(watched, asking):
    asked = [
        ({"Host": "evil.example"}, 403),
        ({"Host": "evil.example:80"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Host": "localhost:1"}, 200),
    ]

    async def work(server):
        for headers, code in asked:
            answer = await server.ask("runs", headers=headers)
            assert answer.code == code, headers
            assert (watched.ids[0].encode() in answer.body) is (code == 200), headers

    asking(watched.store, work)


def test_it_is_read_only(watched, asking):
    before = sorted(path for path in watched.store.root.rglob("*") if ".locks" not in path.parts)

    async def work(server):
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            for path in ("runs", f"run/{watched.ids[0]}"):
                assert (await server.ask(path, method=method, allow_nonstandard_methods=True)).code == 405, method
        assert (await server.ask("runs", method="HEAD")).body == b""
        for path in EVERYTHING:
            await server.ask(path.format(watched.ids[2]))

    asking(watched.store, work)
    assert sorted(path for path in watched.store.root.rglob("*") if ".locks" not in path.parts) == before


OUTSIDE = [
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "page.js/../../server.py",
    "%2e%2e%2fserver.py",
    "run/..%2f..%2fsecret",
    "run/../secret/picture",
    "run/.work",
    "run/campaigns/picture",
    "report/..%2f..%2fsecret/mock",
    "report/demo/..%2f..%2f..%2fsecret",
    "report/..%2fdemo/mock",
    "report/linked/mock",
    "report/demo/linked",
    "report/demo/mock",
    "campaign/linked/mock",
    "campaign/..%2f../x",
    "campaign/demo%00/mock",
    "//etc/passwd",
]


def test_nothing_outside_the_store_can_be_reached(watched, asking, tmp_path):
    secret = tmp_path / "secret" / "mock"
    secret.mkdir(parents=True)
    (secret / "report.html").write_text("the secret")
    (secret / "summary.json").write_text(json.dumps({"notes": ["the secret"]}))
    campaigns = watched.store.root / "campaigns"
    (campaigns / "linked").symlink_to(secret.parent)
    (campaigns / "demo" / "linked").symlink_to(secret)
    (campaigns / "demo" / "mock" / "report.html").symlink_to(secret / "report.html")

    async def work(server):
        for path in OUTSIDE:
            answer = await server.ask(path)
            assert answer.code in (400, 404), path
            assert b"the secret" not in answer.body, path
            assert b"root:" not in answer.body, path

    asking(watched.store, work)


def test_an_entry_that_is_a_link_is_not_opened(watched, asking, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    watched.store.entry(watched.ids[0]).rename(elsewhere)
    watched.store.entry(watched.ids[0]).symlink_to(elsewhere)

    async def work(server):
        told = json.loads((await server.ask(f"run/{watched.ids[0]}")).body)
        assert told["state"] == "corrupt"
        assert "symbolic link" in told["problem"]
        assert (await server.ask(f"run/{watched.ids[0]}/picture")).code == 404

    asking(watched.store, work)


def test_a_report_is_shown_without_scripts(watched, asking):
    report = watched.store.root / "campaigns" / "demo" / "mock" / "report.html"
    report.write_text("<script>stolen = document.location</script><h1>Report</h1>")

    async def work(server):
        answer = await server.ask("report/demo/mock")
        assert answer.code == 200
        assert b"<h1>Report</h1>" in answer.body
        policy = answer.headers["Content-Security-Policy"]
        assert "sandbox" in policy
        assert "script" not in policy

    asking(watched.store, work)
