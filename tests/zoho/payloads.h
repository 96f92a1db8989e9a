#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/result.h"
#include "support/message_style.h"

/// Answers as Zoho gives them, invented names apart.
namespace splitdelivery::testing::payload {

/// Stands in every text that a remote side may choose; no message of ours may hold it.
inline constexpr const char* kRemoteText = "REMOTE-TEXT";
inline constexpr const char* kClientSecret = "s3cr3t&of=the client";
inline constexpr const char* kRefreshToken = "1000.refresh+token";
inline constexpr const char* kAccessToken = "1000.aa11bb22.cc33dd44";

inline const std::string kToken =
    R"({"access_token":"1000.aa11bb22.cc33dd44","scope":"ZohoMail.organization.accounts.READ )"
    R"(ZohoMail.organization.groups.READ","api_domain":"https://www.zohoapis.eu","token_type":"Bearer",)"
    R"("expires_in":3600})";

inline const std::string kTokenThrottle =
    R"({"error_description":"You have made too many requests REMOTE-TEXT","error":"Access Denied","status":"failure"})";

/// An alias, an outside address, a blocked user.
inline const std::string kAccounts = R"([
{"zuid":810220011,"accountId":"6123450000000008002","type":"ZOHO_ACCOUNT","role":"super_admin",
 "primaryEmailAddress":"ida@fjordlab.example","mailboxAddress":"ida@fjordlab.example","accountDisplayName":"Ida",
 "mailboxStatus":"enabled","status":true,"enabled":true,"iamStatus":1,"incomingBlocked":false,
 "policyId":{"zoid":810220000},
 "emailAddress":[
  {"mailId":"ida@fjordlab.example","isPrimary":true,"isAlias":false,"isConfirmed":true},
  {"mailId":"hello@fjordlab.example","isPrimary":false,"isAlias":true,"isConfirmed":true},
  {"mailId":"ida.home@webmail.example","isPrimary":false,"isAlias":false,"isConfirmed":true}],
 "groupList":[{"zgid":810220900,"name":"Sales","emailId":"sales@fjordlab.example","role":"moderator"}]},
{"zuid":810220012,"accountId":6123450000000009002,"type":"ZOHO_ACCOUNT","role":"member",
 "primaryEmailAddress":"old@fjordlab.example","mailboxAddress":"old@fjordlab.example","mailboxStatus":"disabled",
 "status":false,"enabled":false,"incomingBlocked":true,
 "emailAddress":[{"mailId":"old@fjordlab.example","isPrimary":true,"isAlias":false,"isConfirmed":true}]}])";

/// A mail group, a shared mailbox, a department without mail.
inline const std::string kGroups = R"({"count":3,"groups":[
{"zgid":810220900,"name":"Sales","emailId":"sales@fjordlab.example","accessType":"Public",
 "aliasList":[{"mailId":"orders@fjordlab.example"}],
 "mailGroupMemberList":[{"memberEmailId":"ida@fjordlab.example","zuid":810220011,"role":"moderator",
                         "status":"active","memberType":"orgUser"}]},
{"zgid":810220901,"name":"Support","emailId":"support@fjordlab.example","mbtype":"2","mailboxId":6123450000000077001,
 "accessType":"Public","aliasList":["help@fjordlab.example"]},
{"zgid":810220902,"name":"Finance Dept","iamGroupExist":true,"groupMemberCount":2}]})";

inline const std::string kDomains = R"({"domainVO":[
{"domainName":"fjordlab.example","domainId":"6123450000000021001","zoid":810220000,"primary":true,"status":"enabled",
 "verificationStatus":true,"mailHostingEnabled":true,"isDomainAlias":false,"domainAlias":"fjord.example",
 "mxstatus":"enabled","spfstatus":true,"dkimstatus":true,"subDomainStripping":1,"catchAllAddress":"",
 "catchAllExcludeAddresses":[]},
{"domainName":"fjord.example","domainId":"6123450000000021002","primary":false,"verificationStatus":true,
 "mailHostingEnabled":false,"isDomainAlias":true,"mxstatus":"expired","spfstatus":false,"dkimstatus":false,
 "subDomainStripping":0}]})";

inline const std::string kTokenRefused =
    R"({"status":{"code":401,"description":"Unauthorized REMOTE-TEXT"},"data":{"errorCode":"INVALID_OAUTHTOKEN"}})";
inline const std::string kScopeRefused =
    R"([2,{"msg":"REMOTE-TEXT","status":"401","authFail":"true","errorCode":"INVALID_OAUTHSCOPE"}])";

/// Fails when a message could give something away, or is none.
inline void expectDiscreet(const base::Error& error) {
  EXPECT_FALSE(error.reason.empty());
  expectStyle(error);
  EXPECT_GT(error.message.size(), 20U) << "a person at night needs a sentence";
  for (const char* word : {kRemoteText, kClientSecret, kRefreshToken, kAccessToken, "s3cr3t"}) {
    EXPECT_EQ(error.message.find(word), std::string::npos) << error.message;
    EXPECT_EQ(error.reason.find(word), std::string::npos) << error.reason;
  }
}

}  // namespace splitdelivery::testing::payload
