"""Files that deserve a second look wherever they change, by class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from vsm_gate.impact.patterns import PatternIndex

CLASSES: Final[Mapping[str, tuple[str, ...]]] = {
    "migrations": (
        "**/migrations/**",
        "**/migrate/**",
        "**/alembic/versions/**",
        "**/liquibase/**",
        "**/flyway/**",
        "**/changelog/db.changelog*",
        "**/V[0-9]*__*.sql",
        "**/schema.rb",
        "**/schema.prisma",
    ),
    "infrastructure": (
        "**/*.tf",
        "**/*.tf.json",
        "**/*.tfvars",
        "**/*.bicep",
        "**/Chart.yaml",
        "**/charts/**",
        "**/helm/**",
        "**/kustomization.yaml",
        "**/kustomization.yml",
        "**/k8s/**",
        "**/kubernetes/**",
        "**/manifests/**/*.yaml",
        "**/cloudformation/**",
        "**/*.cfn.yaml",
        "**/*.cfn.json",
        "**/ansible/**",
        "**/Pulumi.yaml",
        "**/Pulumi.*.yaml",
        "**/serverless.yml",
        "**/Dockerfile",
        "**/Dockerfile.*",
        "**/*.Dockerfile",
        "**/Containerfile",
        "**/docker-compose*.yml",
        "**/docker-compose*.yaml",
        "**/compose.yaml",
        "**/compose.yml",
    ),
    "pipelines": (
        ".github/workflows/**",
        ".github/actions/**",
        "**/action.yml",
        "**/action.yaml",
        ".gitlab-ci.yml",
        ".gitlab/ci/**",
        "**/Jenkinsfile",
        "**/Jenkinsfile.*",
        ".circleci/**",
        ".buildkite/**",
        "azure-pipelines*.yml",
        ".azure-pipelines/**",
        "bitbucket-pipelines.yml",
        ".travis.yml",
        ".drone.yml",
        ".tekton/**",
        ".vsm-gate.yaml",
        "scorecards/**",
        "**/CODEOWNERS",
    ),
    "interfaces": (
        "**/openapi*.yaml",
        "**/openapi*.yml",
        "**/openapi*.json",
        "**/swagger*.yaml",
        "**/swagger*.yml",
        "**/swagger*.json",
        "**/asyncapi*.yaml",
        "**/asyncapi*.yml",
        "**/*.graphql",
        "**/*.graphqls",
        "**/*.gql",
        "**/*.proto",
        "**/*.avsc",
        "**/*.thrift",
        "**/*.wsdl",
        "**/*.xsd",
    ),
    "dependencies": (
        "**/package.json",
        "**/package-lock.json",
        "**/npm-shrinkwrap.json",
        "**/yarn.lock",
        "**/pnpm-lock.yaml",
        "**/bun.lock",
        "**/bun.lockb",
        "**/pyproject.toml",
        "**/requirements*.txt",
        "**/requirements/*.txt",
        "**/constraints*.txt",
        "**/setup.py",
        "**/setup.cfg",
        "**/Pipfile",
        "**/Pipfile.lock",
        "**/poetry.lock",
        "**/pdm.lock",
        "**/uv.lock",
        "**/Cargo.toml",
        "**/Cargo.lock",
        "**/go.mod",
        "**/go.sum",
        "**/go.work",
        "**/pom.xml",
        "**/build.gradle",
        "**/build.gradle.kts",
        "**/gradle.lockfile",
        "**/libs.versions.toml",
        "**/Gemfile",
        "**/Gemfile.lock",
        "**/composer.json",
        "**/composer.lock",
        "**/*.csproj",
        "**/packages.lock.json",
        "**/Directory.Packages.props",
        "**/mix.exs",
        "**/mix.lock",
        "**/pubspec.yaml",
        "**/pubspec.lock",
    ),
    "authentication": (
        "**/auth/**",
        "**/auth.*",
        "**/auth_*",
        "**/authentication/**",
        "**/authentication.*",
        "**/authorization/**",
        "**/authorization.*",
        "**/oauth*/**",
        "**/oauth*.*",
        "**/login/**",
        "**/permissions/**",
        "**/permissions.*",
        "**/crypto/**",
        "**/crypto.*",
        "**/cryptography/**",
        "**/security/**",
        "**/*.pem",
        "**/*.key",
        "**/*.crt",
    ),
    "feature flags": (
        "**/feature_flags/**",
        "**/feature_flags.*",
        "**/feature-flags/**",
        "**/feature-flags.*",
        "**/featureflags/**",
        "**/featureflags.*",
        "**/flags.yaml",
        "**/flags.yml",
        "**/flags.json",
        "**/flagd.json",
    ),
}


def classify(
    paths: Iterable[str], overrides: Mapping[str, Sequence[str]] | None = None
) -> dict[str, tuple[str, ...]]:
    """The sensitive files among `paths` by class, classes in the table's order, paths sorted.

    A class of `overrides` takes the place of the one of that name, or is added; without patterns
    it asks for nothing. A file may be in several classes.
    """
    classes = {**CLASSES, **(overrides or {})}
    names = list(classes)
    index = PatternIndex()
    for number, patterns in enumerate(classes.values()):
        for pattern in patterns:
            index.add(pattern, number)
    found: dict[int, list[str]] = {}
    for path in sorted(set(paths)):
        for number in set(index.matches(path)):
            found.setdefault(number, []).append(path)
    return {names[number]: tuple(found[number]) for number in sorted(found)}
