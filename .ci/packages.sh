# What the long suites need beside Python: Debian's packages, and from npm the tools that our answers
# are compared with. Needs $scratch. Where something cannot be installed the tests
# that want it say so, and `tools/skipped.py` fails.
packages=()
command -v chromium >/dev/null || packages+=(chromium)
command -v npm >/dev/null || packages+=(npm)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages+=(postgresql)
command -v java >/dev/null || packages+=(openjdk-17-jre-headless)
command -v rsync >/dev/null || packages+=(rsync) # gitlab-ci-local copies with it
command -v ssh-keygen >/dev/null || packages+=(openssh-client)
command -v openssl >/dev/null || packages+=(openssl)
if [ "${#packages[@]}" -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "== installing ${packages[*]}"
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "${packages[@]}" >/dev/null
fi
if command -v npm >/dev/null; then
  echo "== installing pnpm, turbo, nx, gitlab-ci-local and the validator of SARIF"
  npm install --silent --no-audit --no-fund --prefix "$scratch/node" \
    pnpm@9 turbo@2 nx@21 gitlab-ci-local@4.61 @microsoft/sarif-multitool@5 || true
  export PATH="$scratch/node/node_modules/.bin:$PATH"
fi
