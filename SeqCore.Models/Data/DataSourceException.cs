namespace SeqCore.Models;

/// <summary>Data that cannot be had or used: the message says which, why, and what to do.</summary>
/// <param name="message">For a user to read.</param>
/// <param name="inner">What the system said, if it said anything.</param>
public sealed class DataSourceException(string message, Exception? inner = null) : IOException(message, inner);
