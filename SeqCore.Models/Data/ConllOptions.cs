namespace SeqCore.Models;

/// <summary>The columns of a file that <see cref="ConllFile"/> reads.</summary>
public sealed record ConllOptions
{
    /// <summary>
    /// Two or more columns between tabs or runs of spaces: the token first and its tag last, as in the shared tasks of
    /// CoNLL-2000 to 2003. Lines <c>-DOCSTART-</c> separate documents.
    /// </summary>
    public static ConllOptions Conll { get; } = new();

    /// <summary>
    /// CoNLL-U of Universal Dependencies: ten columns between tabs, the form second and the universal part of speech fourth.
    /// Lines with # are comments; ranges such as 1-2 and empty nodes such as 1.1 are left out.
    /// </summary>
    public static ConllOptions ConllU { get; } = new() { TokenColumn = 2, TagColumn = 4, ColumnCount = 10, IsConllU = true };

    /// <summary>The column of the token, from 1, which is the default; negative counts from the last.</summary>
    public int TokenColumn { get; init; } = 1;

    /// <summary>The column of the tag, from 1; negative counts from the last, which is -1, the default.</summary>
    public int TagColumn { get; init; } = -1;

    /// <summary>The number of columns of every line; null if it only has to be the same in all lines.</summary>
    public int? ColumnCount { get; init; }

    /// <summary>Whether the file is CoNLL-U, with comments, ranges and empty nodes, and tabs alone between columns.</summary>
    public bool IsConllU { get; init; }
}
