"""A package with entry points, as an installer would leave it: found once its folder is on Python's path."""


def announce(folder, name, points, version="1.0"):
    """Write the metadata of a package into a folder; `points` has the entry points by group and name."""
    metadata = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    lines = []
    for group, of_group in points.items():
        lines += [f"[{group}]", *(f"{each} = {value}" for each, value in of_group.items())]
    (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n")
