#pragma once

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace splitdelivery::http {

/// A self-signed certificate with its key, made on the spot, and a server's TLS context with both.
class TestCertificate {
 public:
  /// `names`: OpenSSL's subjectAltName text; `daysLeft` below 0: expired.
  explicit TestCertificate(const std::string& names = "DNS:localhost,IP:127.0.0.1", long daysLeft = 1)
      : key_(EVP_EC_gen("P-256"), &EVP_PKEY_free), certificate_(X509_new(), &X509_free) {
    constexpr long kDay = 24L * 60 * 60;
    X509* certificate = certificate_.get();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -10 * kDay);
    X509_gmtime_adj(X509_getm_notAfter(certificate), daysLeft * kDay);
    X509_NAME* subject = X509_get_subject_name(certificate);
    const std::string name = "test";
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1,
                               -1, 0);
    X509_set_issuer_name(certificate, subject);
    X509_EXTENSION* alternatives = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
    X509_add_ext(certificate, alternatives, -1);
    X509_EXTENSION_free(alternatives);
    X509_set_pubkey(certificate, key_.get());
    X509_sign(certificate, key_.get(), EVP_sha256());

    SSL_CTX_use_certificate(context_.get(), certificate);
    SSL_CTX_use_PrivateKey(context_.get(), key_.get());
  }

  [[nodiscard]] SSL_CTX* server() const { return context_.get(); }

  /// The server speaks nothing newer than that.
  void offerAtMost(int version) {
    SSL_CTX_set_min_proto_version(context_.get(), version);
    SSL_CTX_set_max_proto_version(context_.get(), version);
    SSL_CTX_set_cipher_list(context_.get(), "DEFAULT:@SECLEVEL=0");
  }

  [[nodiscard]] std::string pem() const {
    return written([this](BIO* output) { PEM_write_bio_X509(output, certificate_.get()); });
  }

  [[nodiscard]] std::string keyPem() const {
    return written(
        [this](BIO* output) { PEM_write_bio_PrivateKey(output, key_.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  }

 private:
  template <class Write>
  static std::string written(Write write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> output(BIO_new(BIO_s_mem()), &BIO_free);
    write(output.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(output.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&X509_free)> certificate_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{SSL_CTX_new(TLS_server_method()), &SSL_CTX_free};
};

}  // namespace splitdelivery::http
