"""The port to GitHub over PyGithub; nobody else imports PyGithub.

PyGithub carries the requests (connections, redirects of renamed repositories, base address of
an Enterprise Server). Its retries, throttling and sleeping are off: a POST answered by 502
would be repeated up to eleven times. Who may ask again, and when, is decided by the worker
and the sender.
"""
