"""Any local project, deployed to an emulated platform."""
