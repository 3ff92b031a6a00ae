"""An in-memory GitHub behind real HTTP: the demo, the tests and the benchmarks share it.

It imports nothing of the product, so that it is an independent witness of what the product does.
`server.Sandbox` starts it; `world.World` is its state and acts as people do on GitHub.
"""
