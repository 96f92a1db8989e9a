#pragma once

#include <chrono>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "http/transport.h"

namespace splitdelivery::zoho {

/// A token as the accounts host gave it.
struct MintedToken {
  base::Secret token;
  std::chrono::seconds lifetime;  ///< at most an hour
};

/// Zoho gives 10 tokens in any 10 minutes and then none for the rest of them.
/// Source: zoho.com/accounts/protocol/oauth/token-limits.
inline constexpr std::size_t kMintsPerWindow = 10;
inline constexpr std::chrono::seconds kMintWindow{600};

/// What an answer of POST /oauth/v2/token says. Errors come as `{"error":"…"}`, often with HTTP 200,
/// so an answer is a success only when it holds a token:
///   Stall  InvalidClient, InvalidScope, InvalidOrganization, InvalidRefreshToken, UnexpectedRedirect
///   Wait   TokenThrottled, with retryAfter
///   Retry  UnexpectedAnswer, ServerError
[[nodiscard]] base::Result<MintedToken> readTokenAnswer(const http::Response& response, std::string_view accountsUrl,
                                                        base::WallTime now);

/// Wait: the account has had its tokens, by our own count or by Zoho's.
[[nodiscard]] base::Error tokenThrottled(std::chrono::seconds retryAfter);

}  // namespace splitdelivery::zoho
