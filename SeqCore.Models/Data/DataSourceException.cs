namespace SeqCore.Models;

/// <summary>
/// The exception for data that cannot be obtained or used; the message names the data, the reason, and what to do.
/// </summary>
/// <param name="message">The message for the user.</param>
/// <param name="inner">The exception that caused this one, or null.</param>
public sealed class DataSourceException(string message, Exception? inner = null) : IOException(message, inner);
