package dev.modelserver.server.openapi;

import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.failure.RequestFailure.BodyContent;

/** The statuses of failures, as the document explains them. */
public enum Failure {
  BadRequest(
      400,
      "The request is wrong, or its values do not fit the model; the sentence names field, value and remedy.",
      "features has 1 value; the model takes 4 values"),
  Unauthenticated(
      401, "The request has no valid token.", new RequestFailure.Unauthenticated(false).message()),
  NotFound(
      404,
      "There is no such path, or no such model.",
      "there is no such path; GET / lists what there is"),
  WrongMethod(
      405, "The path takes another method.", "the method is PUT; this path takes GET, POST"),
  BodyTooLarge(
      413,
      "The body is above the limit.",
      new RequestFailure.BodyTooLarge(BodyContent.JSON, 16 << 20, -1).message()),
  WrongContentType(
      415,
      "The body is of a type or coding that the path does not take.",
      "Content-Type is \"text/plain\"; this path takes application/json"),
  InternalError(
      500,
      "The model failed on these inputs, or the server did; its log says why.",
      "the server failed; its log says why"),
  Unavailable(
      503,
      "The model is being loaded, or the server is overloaded; try again in a second.",
      "the model is being loaded; try again in a second"),
  DeadlineExceeded(
      504,
      "No answer within the time limit.",
      "no answer within 30000 ms; send a smaller request or raise the request timeout of the model server");

  private final int status;
  private final String description;
  private final String sentence;

  Failure(int status, String description, String sentence) {
    this.status = status;
    this.description = description;
    this.sentence = sentence;
  }

  /** What can come of any request to the model. */
  public static Failure[] inference() {
    return new Failure[] {
      BadRequest, BodyTooLarge, WrongContentType, InternalError, Unavailable, DeadlineExceeded
    };
  }

  int status() {
    return status;
  }

  String description() {
    return description;
  }

  /** What such an answer says. */
  String sentence() {
    return sentence;
  }
}
