/// Tokens of Amazon ECR and ECR Public, minted with the AWS SDK, which has its home here.
/// Constructed by the composition root alone; it keeps no token and no session.
@NullMarked
package dev.tidewaiter.registry.ecr;

import org.jspecify.annotations.NullMarked;
