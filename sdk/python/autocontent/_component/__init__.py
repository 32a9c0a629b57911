"""What stands between the contract and the author's module inside of a component.

- ``app``: the component's exports, which componentize-py finds there
- ``wire``: the contract's shapes and the package's own
- ``ambient``: the usual calls for time, randomness, logging and printing, led to the contract's; what a component does
  not have, refused in words
- ``report``: exceptions as lines for the log
"""
