namespace SeqCore.Models;

/// <summary>The values of a row.</summary>
internal interface IRowValues
{
    /// <summary>Returns the text of a column; empty for null.</summary>
    string Text(int index);

    /// <summary>Returns the number in a column; null if it is no number by its type, and for null.</summary>
    float? Number(int index);
}
