"""Pages that live beside the code they speak of and are shown on the site too."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parent.parent


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page of each platform, and the changelog."""
    pages = {f"platforms/{page.parent.name}.md": page for page in ROOT.glob("simple_deploy/platforms/*/README.md")}
    for target, source in {**pages, "changelog.md": ROOT / "CHANGELOG.md"}.items():
        files.append(File.generated(config, target, abs_src_path=str(source)))
    return files
