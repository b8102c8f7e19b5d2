# Read before the site starts, in hooks and in SSH sessions. It is for settings that look for SECRET_KEY themselves:
# without a variable of that name, the secret that every project has on the platform takes its place.
export SECRET_KEY="${SECRET_KEY:-$PLATFORM_PROJECT_ENTROPY}"
@database_url
