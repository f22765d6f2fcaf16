"""The OpenAPI documents: what each contract takes and answers, told apart from the views and never run by a request.

A contract lists its operations (`api/<contract>/schema/`); drf-spectacular turns them into documents, which are
committed in docs/openapi (`make openapi`), served from there (api/schema/views.py), and hold every answer of the tests.
"""
