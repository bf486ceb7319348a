"""Makes HTML on standard input into a tagged PDF (PDF/UA-1) on standard output, within bounds of time, memory and size.

print.py <seconds of CPU> <megabytes of memory> <megabytes of output>

Nothing is fetched but data: addresses: neither the network nor files, whatever the HTML says.
"""

import resource
import sys


def bound(seconds: int, memory: int, output: int) -> None:
    mega = 1024 * 1024
    for what, limit in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory * mega),
        (resource.RLIMIT_FSIZE, output * mega),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))


def main() -> int:
    # Before the bounds: what cannot be loaded is not there, whatever the reason.
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as missing:
        print(missing, file=sys.stderr)
        return 3
    bound(*map(int, sys.argv[1:4]))
    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    html = sys.stdin.buffer.read().decode("utf-8")
    HTML(string=html, url_fetcher=fetcher).write_pdf(sys.stdout.buffer, pdf_variant="pdf/ua-1")
    return 0


if __name__ == "__main__":
    sys.exit(main())
