#include "http/tls.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <utility>

namespace splitdelivery::http {

namespace {

using WatchHolder = std::shared_ptr<WireWatch>;

void freeHolder(void* /*parent*/, void* holder, CRYPTO_EX_DATA* /*data*/, int /*index*/, long /*argl*/,
                void* /*argp*/) {
  const std::unique_ptr<WatchHolder> owned(static_cast<WatchHolder*>(holder));
}

/// Where a context keeps its watch; OpenSSL frees it with the context, after the last connection.
int watchIndex() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, &freeHolder);
  return index;
}

WireWatch* watchOf(const SSL* connection) {
  const auto* holder = static_cast<WatchHolder*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), watchIndex()));
  return holder == nullptr ? nullptr : holder->get();
}

/// Called for each record header, handshake message and alert; the header tells the record's length.
void onMessage(int written, int /*version*/, int type, const void* bytes, std::size_t size, SSL* connection,
               void* /*argument*/) {
  if (written != 0 || type != SSL3_RT_HEADER || size < SSL3_RT_HEADER_LENGTH) return;
  const auto* header = static_cast<const unsigned char*>(bytes);
  const std::size_t length = (std::size_t{header[3]} << 8U) | header[4];
  if (auto* watch = watchOf(connection)) watch->arrived(size + length);
}

/// The alert that we send is the last moment at which the reason can still be asked for.
void onState(const SSL* connection, int where, int /*value*/) {
  if (where != SSL_CB_WRITE_ALERT) return;
  const long error = SSL_get_verify_result(connection);
  auto* watch = watchOf(connection);
  if (error != X509_V_OK && watch != nullptr) watch->refusedCertificate(error);
}

void checkHost(X509_VERIFY_PARAM* parameters, const std::string& host) {
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1) return;
  X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
}

using Certificates = std::vector<std::shared_ptr<X509>>;
using Input = std::unique_ptr<BIO, decltype(&BIO_free)>;

Input inputFrom(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
}

/// False when a certificate is damaged. Text around them is ignored.
bool readCertificates(const std::string& pem, Certificates& into) {
  const Input input = inputFrom(pem);
  while (X509* certificate = PEM_read_bio_X509(input.get(), nullptr, nullptr, nullptr)) {
    into.emplace_back(certificate, &X509_free);
  }
  // The end of the text is one kind of error too, and the only one that is expected.
  const bool atEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  return pem.empty() || atEnd;
}

/// Asked for the passphrase of an encrypted key: there is nobody to ask.
int noPassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*argument*/) {
  return 0;
}

}  // namespace

TrustedCertificates::TrustedCertificates(const std::string& pem, System system) : system_(system) {
  readable_ = readCertificates(pem, certificates_) && (pem.empty() || !certificates_.empty());
}

X509_STORE* TrustedCertificates::store() const {
  if (store_) return store_.get();
  store_.reset(X509_STORE_new(), &X509_STORE_free);
  // SSL_CERT_FILE and SSL_CERT_DIR, or where the system keeps them.
  if (system_ == System::Trusted) X509_STORE_set_default_paths(store_.get());
  for (const auto& certificate : certificates_) X509_STORE_add_cert(store_.get(), certificate.get());
  ERR_clear_error();
  return store_.get();
}

void TrustedCertificates::addTo(SSL_CTX* context) const {
  SSL_CTX_set1_cert_store(context, store());
  // Whoever names an intermediate, or the server's own certificate, means exactly that.
  if (!certificates_.empty()) {
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
  }
}

ClientCertificate::ClientCertificate(const std::string& certificate, const base::Secret& key) {
  if (certificate.empty() && key.empty()) return;
  readable_ = readCertificates(certificate, chain_) && !chain_.empty();
  const Input input = inputFrom(key.reveal());
  key_.reset(PEM_read_bio_PrivateKey(input.get(), nullptr, &noPassphrase, nullptr), &EVP_PKEY_free);
  readable_ = readable_ && key_ && X509_check_private_key(chain_.front().get(), key_.get()) == 1;
  ERR_clear_error();
}

void ClientCertificate::addTo(SSL_CTX* context) const {
  if (!readable_ || chain_.empty()) return;
  SSL_CTX_use_certificate(context, chain_.front().get());
  for (std::size_t i = 1; i < chain_.size(); ++i) SSL_CTX_add1_chain_cert(context, chain_[i].get());
  SSL_CTX_use_PrivateKey(context, key_.get());
  ERR_clear_error();
}

void prepareTls(SSL_CTX* context, const Origin& origin, const TrustedCertificates& trusted,
                const ClientCertificate& identity, std::shared_ptr<WireWatch> watch) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // A connection that waits keeps no buffers: 34 KiB less for each.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  trusted.addTo(context);
  identity.addTo(context);
  // cpprestsdk checks the name too, but its check leaves no reason behind for the message.
  checkHost(SSL_CTX_get0_param(context), origin.host);
  auto holder = std::make_unique<WatchHolder>(std::move(watch));
  if (SSL_CTX_set_ex_data(context, watchIndex(), holder.get()) != 1) return;
  static_cast<void>(holder.release());
  SSL_CTX_set_msg_callback(context, &onMessage);
  SSL_CTX_set_info_callback(context, &onState);
}

}  // namespace splitdelivery::http

/// In place of OpenSSL's own, which cpprestsdk calls for each connection before it gives us the context: it would read
/// all of the system's authorities each time. What is trusted is set by `prepareTls`.
extern "C" int SSL_CTX_set_default_verify_paths(SSL_CTX* /*context*/) {
  return 1;
}
