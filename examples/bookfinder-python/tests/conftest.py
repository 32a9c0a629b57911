"""Brings the fixture `provider`: the built component in the sandbox."""

pytest_plugins = ["autocontent.testing.plugin"]
