"""The pages that Heroku's router answers by itself. Both are frames around a page elsewhere."""

_PAGE = """\
<!DOCTYPE html>
<html>
  <head>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta charset="utf-8">
    <title>{title}</title>
    <style media="screen">
      html,body,iframe {{ margin: 0; padding: 0; }}
      html,body {{ height: 100%; overflow: hidden; }}
      iframe {{ width: 100%; height: 100%; border: 0; }}
    </style>
  </head>
  <body>
    <iframe src="https://www.herokucdn.com/error-pages/{page}.html"></iframe>
  </body>
</html>
"""

APPLICATION_ERROR = _PAGE.format(title="Application Error", page="application-error").encode()
NO_SUCH_APP = _PAGE.format(title="No such app", page="no-such-app").encode()
