namespace SeqCore.Models;

/// <summary>A line of a text file.</summary>
/// <param name="Text">The line without its end.</param>
/// <param name="Number">The number of the line, from 1.</param>
public readonly record struct TextLine(string Text, long Number);
