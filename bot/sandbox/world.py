"""The whole sandbox as people act on it: see the classes it is made of for each kind of act."""

from bot.sandbox.milestones import Milestoning


class World(Milestoning):
    """An in-memory GitHub.

    - `state.State`: accounts, organisations, how e-mails link commits to accounts, requests seen
    - `source.Code`: repositories, forks, branches, commits, merges of branches, pushes
    - `threads.Threads`: issues, pull requests, comments, checks asked for again
    - `landing.Landing`: merging, and the merge queue
    - `installing.Installing`: Apps, installations, renames, transfers, archiving, deletion
    - `consent.Consent`: the App manifest flow, signing in
    - `people.People`: e-mail addresses, teams
    - `signs.Signs`: reactions, labels, locks, issues moved and deleted
    - `discussing.Discussing`: discussions, and issues that become one
    - `releases.Releasing`: tags and releases
    - `milestones.Milestoning`: milestones, and the issues in them

    Every method is one person's act and emits the webhooks that it would on GitHub. Where a
    sender can be chosen it is the argument `by`, or the first account.
    """
