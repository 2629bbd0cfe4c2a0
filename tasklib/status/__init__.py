"""The operator's page: state, key figures and alerts of the running pod."""
