"""What the buildpack tells about a project it cannot build.

Texts are those of heroku-buildpack-python v351 (MIT licence) unless marked OWN WORDING: those say the
same thing, but nobody has compared them with the real ones.
"""

from __future__ import annotations

_WHICH_TO_USE = """\
If you aren't sure which package manager to use, we recommend
trying uv, since it supports lockfiles, is extremely fast, and
is actively maintained by a full-time team:
https://docs.astral.sh/uv/"""

SEVERAL_PACKAGE_MANAGERS = (
    """\
Error: Multiple Python package manager files were found.

Exactly one package manager file should be present in your app's
source code, however, several were found:

{found}

Previously, the buildpack guessed which package manager to use
and installed your dependencies with the first package manager
listed above. However, this implicit behaviour was deprecated
in November 2024 and is now no longer supported.

You must decide which package manager you want to use with your
app, and then delete the file(s) and any config from the others.

"""
    + _WHICH_TO_USE
    + """

Note: If you use a third-party uv or Poetry buildpack, you must
remove it from your app, since it's no longer required and the
requirements.txt file it generates will trigger this error. See:
https://devcenter.heroku.com/articles/managing-buildpacks#remove-classic-buildpacks"""
)

PIPFILE_WITHOUT_LOCK = (
    """\
Error: No 'Pipfile.lock' found!

A 'Pipfile' file was found, however, the associated 'Pipfile.lock'
Pipenv lockfile wasn't. This means your app dependency versions
aren't pinned, which means the package versions used on Heroku
might not match those installed in other environments.

Using Pipenv in this way is unsafe and no longer supported.

Run 'pipenv lock' locally to generate the lockfile, and make sure
that 'Pipfile.lock' isn't listed in '.gitignore' or '.slugignore'.

Alternatively, if you wish to switch to another package manager,
delete your 'Pipfile' and then add either a 'requirements.txt',
'poetry.lock' or 'uv.lock' file.

"""
    + _WHICH_TO_USE
)

SETUP_PY_ONLY = """\
Error: Implicit setup.py file support has been sunset.

Your app currently only has a setup.py file and no Python
package manager files. This means that the buildpack can't
tell which package manager you want to use, and whether to
install your project in editable mode or not.

Previously the buildpack guessed and used pip to install your
dependencies in editable mode. However, this fallback was
deprecated in September 2025 and has now been sunset.

You must now add an explicit package manager file to your app,
such as a requirements.txt, poetry.lock or uv.lock file.

To continue using your setup.py file with pip in editable
mode, create a new file in the root directory of your app
named 'requirements.txt' containing the requirement
'--editable .' (without quotes).

Alternatively, if you wish to switch to another package
manager, we recommend uv, since it supports lockfiles, is
faster, and is actively maintained by a full-time team:
https://docs.astral.sh/uv/"""

NO_PACKAGE_MANAGER = (
    """\
Error: Couldn't find any supported Python package manager files.

A Python app on Heroku must have either a 'requirements.txt',
'Pipfile.lock', 'poetry.lock' or 'uv.lock' package manager file
in the root directory of its source code.

Currently the root directory of your app contains:

{listing}

If your app already has a package manager file, check that it:

1. Is in the top level directory (not a subdirectory).
2. Has the correct spelling (the filenames are case-sensitive).
3. Isn't listed in '.gitignore' or '.slugignore'.
4. Has been added to the Git repository using 'git add --all'
   and then committed using 'git commit'.

Otherwise, add a package manager file to your app. If your app has
no dependencies, then create an empty 'requirements.txt' file.

"""
    + _WHICH_TO_USE
    + """

For help with using Python on Heroku, see:
https://devcenter.heroku.com/articles/getting-started-with-python
https://devcenter.heroku.com/articles/python-support"""
)

COMMITTED_ENVIRONMENT = """\
Error: Existing '{folder}/' directory found.

Your app's source code contains an existing directory named
'{folder}/', which looks like a Python virtual environment:

{listing}

Including a virtual environment directory in your app source
isn't supported since the files within it are specific to a
single machine and so won't work when run somewhere else.

If you've committed a '{folder}/' directory to your Git repo, you
must delete it and add the directory to your .gitignore file.

To do this:
1. Run 'git rm --cached -r {folder}/' to remove the directory
   from the Git index.
2. Create a '.gitignore' file in the root of your repository
   if it doesn't already exist.
3. Add the '{folder}/' directory to the .gitignore file as a
   new entry on its own line (don't include the quotes).
4. Commit these changes using 'git add --all' followed by
   'git commit'.

For more information, see:
https://docs.github.com/en/get-started/git-basics/ignoring-files

If the directory was created by a 'bin/pre_compile' hook or
an earlier buildpack, you must instead update them to create
the virtual environment in a different location.

Note: This error replaces the warning which was displayed in
build logs starting 2nd September 2025."""

INVALID_VERSION_FILE = """\
Error: Invalid Python version in .python-version.

The Python version specified in your .python-version file
isn't in the correct format.

The following version was found:
{found}

However, the Python version must be specified as either:
1. The major version only, for example: 3.14 (recommended)
2. An exact patch version, for example: 3.14.999

Don't include quotes, a 'python-' prefix or wildcards. Any
code comments must be on a separate line prefixed with '#'.

For example, to request the latest version of Python 3.14,
update your .python-version file so it contains exactly:
3.14

We strongly recommend that you don't specify the Python patch
version number, since it will pin your app to an exact Python
version and so stop your app from receiving security updates
each time it builds."""

# [buildpack source of 2025] below the first line, which is that of v351.
NO_VERSION_IN_FILE = """\
Error: No Python version found in .python-version.

No Python version was found in your .python-version file.

Update the file so that it contains your app's major Python
version number. Don't include quotes or a 'python-' prefix.

For example, to request the latest version of Python 3.14,
update your .python-version file so it contains exactly:
3.14

If the file already contains a version, check the line doesn't
begin with a '#', otherwise it will be treated as a comment."""

SEVERAL_VERSIONS_IN_FILE = """\
Error: Multiple Python versions found in .python-version.

Multiple versions were found in your .python-version file:

{found}

Update the file so it contains only one Python version.

If you have added comments to the file, make sure that those
lines begin with a '#', so that they are ignored."""

# [buildpack source of 2025] It goes on with how to write the new file.
INVALID_RUNTIME_TXT = """\
Error: Invalid Python version in runtime.txt.

The Python version specified in your runtime.txt file isn't
in the correct format.

The following file contents were found, which aren't valid:
{found}

However, the runtime.txt file is deprecated since it has been
replaced by the more widely supported .python-version file:
https://devcenter.heroku.com/changelog-items/3141

As such, we recommend that you switch to using .python-version
instead of fixing your runtime.txt file."""

# OWN WORDING: what is refused is heroku-buildpack-python's pull request 1970 (November 2025), the text is ours.
MISSPELT_VERSION_FILE = """\
Error: Incorrectly spelled .python-version file found.

Your app has a file named '{name}', which looks like
a misspelt '.python-version' file.

Rename it to '.python-version', or delete it, and commit."""

RUNTIME_TXT_DEPRECATED = """\
Warning: The runtime.txt file is deprecated.

The runtime.txt file is deprecated since it has been replaced
by the more widely supported .python-version file:
https://devcenter.heroku.com/changelog-items/3141

Please switch to using a .python-version file instead."""

RUNTIME_TXT_WITH_UV = """\
Error: The runtime.txt file isn't supported when using uv.

When using the package manager uv on Heroku, you must specify
your app's Python version with a .python-version file and not
a runtime.txt file.

To switch to a .python-version file:

1. Make sure you are in the root directory of your app
   and not a subdirectory.
2. Delete your runtime.txt file.
3. Run 'uv python pin {version}'
   (adjust to match your app's major Python version).
4. Commit the changes to your Git repository using
   'git add --all' and then 'git commit'.

Note: We strongly recommend that you don't specify the Python
patch version number in your .python-version file, since it will
pin your app to an exact Python version and so stop your app from
receiving security updates each time it builds."""

NO_VERSION_WITH_UV = """\
Error: No Python version was specified.

When using the package manager uv on Heroku, you must specify
your app's Python version with a .python-version file.

To add a .python-version file:

1. Make sure you are in the root directory of your app
   and not a subdirectory.
2. Run 'uv python pin {version}'
   (adjust to match your app's major Python version).
3. Commit the changes to your Git repository using
   'git add --all' and then 'git commit'.

Note: We strongly recommend that you don't specify the Python
patch version number in your .python-version file, since it will
pin your app to an exact Python version and so stop your app from
receiving security updates each time it builds."""

# [buildpack source of 2025]
INVALID_PIPFILE_LOCK = """\
Error: Can't parse Pipfile.lock.

A Pipfile.lock file was found, however, it couldn't be parsed:
{error}

This is likely due to it not being valid JSON.

Run 'pipenv lock' to regenerate/fix the lockfile."""

# [buildpack source of 2025] below the first line, which is that of v351.
INVALID_VERSION_IN_PIPFILE = """\
Error: Invalid Python version in Pipfile.lock.

The Python version specified in your Pipfile.lock file by the
'python_version' or 'python_full_version' fields isn't valid.

The following version was found:
{found}

However, the Python version must be specified as either:
1. The major version only, for example: 3.14 (recommended)
2. An exact patch version, for example: 3.14.999

Wildcards aren't supported.

Please update your Pipfile to use a valid Python version and
then run 'pipenv lock' to regenerate Pipfile.lock.

We strongly recommend that you don't specify the Python patch
version number, since it will pin your app to an exact Python
version and so stop your app from receiving security updates
each time it builds.

For more information, see:
https://pipenv.pypa.io/en/stable/specifiers.html#specifying-versions-of-python"""

END_OF_LIFE = """\
Error: The requested Python version has reached end-of-life.

Python {version} has reached its upstream end-of-life, and is
therefore no longer receiving security updates:
https://devguide.python.org/versions/#supported-versions

As such, it's no longer supported by this buildpack:
https://devcenter.heroku.com/articles/python-support#supported-python-versions

Please upgrade to at least Python {oldest} by changing the
version in your {origin} file.

If possible, we recommend upgrading all the way to Python {newest},
since it contains many performance and usability improvements."""

# [buildpack source of 2025]
UNKNOWN_VERSION = """\
Error: The requested Python version isn't recognised.

The requested Python version {version} isn't recognised.

Check that this Python version has been officially released,
and that the Python buildpack has added support for it:
https://devguide.python.org/versions/#supported-versions
https://devcenter.heroku.com/articles/python-support#supported-python-versions

If it has, make sure that you are using the latest version
of this buildpack, and haven't pinned to an older release:
https://devcenter.heroku.com/articles/managing-buildpacks#view-your-buildpacks
https://devcenter.heroku.com/articles/managing-buildpacks#classic-buildpacks-references

Otherwise, switch to a supported version (such as Python {newest})
by changing the version in your {origin} file."""

# LIMIT of the emulation, not of Heroku
NO_INTERPRETER = """\
Error: There is no Python {version} on this machine.

Heroku supports it, but this emulation builds with the interpreters
that are installed. Install Python {version}, or ask for another
version in the .python-version file."""

# LIMIT of the emulation, not of Heroku
NOT_EMULATED = """\
Error: {tool} is not emulated yet.

Heroku builds this project; this emulation cannot do that yet."""

INSTALL_FAILED = """\
Error: Unable to install dependencies using {tool}.

See the log output above for more information."""

STATIC_FILES_FAILED = """\
Error: Unable to generate Django static files.

The 'python {manage} collectstatic --noinput' Django
management command to generate static files failed.

See the traceback above for details.

You may need to update application code to resolve this error.
Or, you can disable collectstatic for this application:

   $ heroku config:set DISABLE_COLLECTSTATIC=1

https://devcenter.heroku.com/articles/django-assets"""
