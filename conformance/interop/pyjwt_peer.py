"""Signs and verifies with PyJWT what the other side asks for: JSON on standard input, JSON on standard output."""

import json
import sys

import jwt


def act(task):
    if task["do"] == "sign":
        headers = {"kid": task["kid"]} if "kid" in task else None
        return {"token": jwt.encode(task["claims"], task["key"], algorithm=task["alg"], headers=headers)}
    if task["do"] == "verify_by_jwks":
        key = jwt.PyJWKClient(task["jwks_uri"]).get_signing_key_from_jwt(task["token"]).key
        task = {**task, "key": key}
    claims = jwt.decode(
        task["token"],
        task["key"],
        algorithms=[task["alg"]],
        audience=task.get("audience"),
        issuer=task.get("issuer"),
        options={"require": ["exp"]},
    )
    return {"claims": claims, "header": jwt.get_unverified_header(task["token"])}


def answer(task):
    try:
        return act(task)
    except jwt.PyJWTError as error:
        return {"refused": type(error).__name__}


tasks = json.load(sys.stdin)
json.dump({"version": jwt.__version__, "answers": [answer(task) for task in tasks]}, sys.stdout)
