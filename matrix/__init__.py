"""The harness: proves on emulated platforms that simple_deploy deploys real projects."""
