#!/bin/sh
# Keys for tests and nothing else, in every form that openssl writes them in. Run once, with OpenSSL 3.0.19; the files are
# kept, because another version may write another form. The passphrase of every encrypted file is: correct horse
set -eu
cd "$(dirname "$0")"
pass='pass:correct horse'

openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pkcs8.pem
openssl pkey -in rsa.pkcs8.pem -pubout -out rsa.spki.pem
openssl rsa -in rsa.pkcs8.pem -traditional -out rsa.pkcs1.pem
openssl rsa -in rsa.pkcs8.pem -RSAPublicKey_out -out rsa.pkcs1-public.pem
openssl rsa -in rsa.pkcs8.pem -traditional -aes128 -passout "$pass" -out rsa.legacy-encrypted.pem
for hash in SHA1 SHA224 SHA256 SHA384 SHA512; do
  openssl pkcs8 -topk8 -in rsa.pkcs8.pem -v2 aes-256-cbc -v2prf "hmacWith$hash" -passout "$pass" -out "rsa.pbes2-$hash.pem"
done
openssl pkcs8 -topk8 -in rsa.pkcs8.pem -v2 aes-128-cbc -passout "$pass" -out rsa.pbes2-aes128.pem
openssl pkcs8 -topk8 -in rsa.pkcs8.pem -v2 aes-192-cbc -passout "$pass" -out rsa.pbes2-aes192.pem
openssl pkcs8 -topk8 -in rsa.pkcs8.pem -v2 des3 -passout "$pass" -out rsa.pbes2-des3.pem
openssl pkcs8 -topk8 -in rsa.pkcs8.pem -v1 PBE-SHA1-3DES -passout "$pass" -out rsa.pbes1.pem
openssl pkcs8 -topk8 -in rsa.pkcs8.pem -scrypt -passout "$pass" -out rsa.scrypt.pem
openssl req -x509 -new -key rsa.pkcs8.pem -subj /CN=test -days 3650 -out rsa.certificate.pem
openssl req -new -key rsa.pkcs8.pem -subj /CN=test -out rsa.request.pem
openssl x509 -req -in rsa.request.pem -key rsa.pkcs8.pem -days 3650 -out rsa.certificate-v1.pem
openssl crl2pkcs7 -nocrl -certfile rsa.certificate.pem -out rsa.pkcs7.pem
openssl pkcs12 -export -inkey rsa.pkcs8.pem -in rsa.certificate.pem -passout "$pass" -out rsa.p12

for curve in prime256v1 secp384r1 secp521r1 secp256k1; do
  openssl ecparam -name $curve -genkey -out $curve.parameters-sec1.pem
  openssl ec -in $curve.parameters-sec1.pem -out $curve.sec1.pem
  openssl ec -in $curve.sec1.pem -no_public -out $curve.sec1-private-only.pem
  openssl ec -in $curve.sec1.pem -conv_form compressed -out $curve.sec1-compressed.pem
  openssl ec -in $curve.sec1.pem -param_enc explicit -out $curve.sec1-explicit.pem
  openssl pkey -in $curve.sec1.pem -out $curve.pkcs8.pem
  openssl ec -in $curve.sec1-private-only.pem -no_public -outform DER | openssl pkcs8 -topk8 -nocrypt -inform DER -out $curve.pkcs8-private-only.pem
  openssl ec -in $curve.sec1.pem -conv_form compressed -outform DER | openssl pkcs8 -topk8 -nocrypt -inform DER -out $curve.pkcs8-compressed.pem
  openssl pkey -in $curve.sec1.pem -pubout -out $curve.spki.pem
  openssl ec -in $curve.sec1.pem -pubout -conv_form compressed -out $curve.spki-compressed.pem
  openssl pkcs8 -topk8 -in $curve.sec1.pem -passout "$pass" -out $curve.encrypted.pem
done
openssl req -x509 -new -key prime256v1.pkcs8.pem -subj /CN=test -days 3650 -out prime256v1.certificate.pem
openssl ec -in prime256v1.sec1.pem -aes256 -passout "$pass" -out prime256v1.legacy-encrypted.pem

for curve in ed25519 ed448 x25519 x448; do
  openssl genpkey -algorithm $curve -out $curve.pkcs8.pem
  openssl pkey -in $curve.pkcs8.pem -pubout -out $curve.spki.pem
  openssl pkcs8 -topk8 -in $curve.pkcs8.pem -passout "$pass" -out $curve.encrypted.pem
done
openssl req -x509 -new -key ed25519.pkcs8.pem -subj /CN=test -days 3650 -out ed25519.certificate.pem
