package dev.tidewaiter.secrets.vault;

/// What Vault's status codes mean, in words; the words of the response itself are never shown.
///
/// Source: [Vault's HTTP status
/// codes](https://developer.hashicorp.com/vault/api-docs#http-status-codes) and [those of
/// sys/health](https://developer.hashicorp.com/vault/api-docs/system/health).
final class Replies {
  private Replies() {}

  /// A predicate to go after the word Vault.
  static String meaning(int status) {
    return switch (status) {
      case 307, 308 ->
          "answers " + status + ": a standby node. Write the address of the cluster, not of a node";
      case 400 -> "answers 400: it does not accept the request";
      case 403 -> "answers 403: denied";
      case 404 -> "answers 404: nothing there";
      case 405 -> "answers 405: the path is not one that is read";
      case 412 -> "answers 412: the node does not have the newest state yet";
      case 429 -> "answers 429: too many requests, or a standby node";
      case 472, 473 -> "answers " + status + ": a standby node of a replica";
      case 502 ->
          "answers 502: a proxy on the way does not reach it, or what an engine asks refuses for now";
      case 504 -> "answers 504: a proxy on the way does not reach it";
      case 503 -> "answers 503: sealed or in maintenance";
      default -> "answers " + status;
    };
  }

  /// Whether every other request would be answered the same.
  ///
  /// A 502 in Vault's own form is one engine's: what it asks in its turn limits its rate.
  ///
  /// Source: `ErrUpstreamRateLimited` in
  /// [response_util.go](https://github.com/hashicorp/vault/blob/main/sdk/logical/response_util.go).
  static boolean concernsAll(Reply.Answered answered) {
    return switch (answered.status()) {
      case 307, 308, 472, 473, 503 -> true;
      case 502 -> !answered.isVaultsError();
      default -> false;
    };
  }
}
