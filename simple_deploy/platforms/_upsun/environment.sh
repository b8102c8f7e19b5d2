# Read before the site starts, in hooks and in SSH sessions. For settings that read SECRET_KEY themselves: if the
# variable is not set, the platform's own secret for this project is used.
export SECRET_KEY="${SECRET_KEY:-$PLATFORM_PROJECT_ENTROPY}"
@database_url
