using System.Globalization;

namespace SeqCore;

/// <summary>
/// Thrown for sizes whose product exceeds 2^31 - 1, the largest number of elements of a buffer, tensor or batch, or 2^31 - 57,
/// that of a .NET array. The message names the object, its number of elements, and what to make smaller.
/// </summary>
public sealed class SizeLimitException : ArgumentException
{
    private SizeLimitException(string what, decimal elements, string hint, string unit = "elements", string limit = "2^31 - 1")
        : base(string.Create(CultureInfo.InvariantCulture,
            $"{what} would have {elements:N0} {unit}, more than {limit}. {hint}")) =>
        Elements = elements > long.MaxValue ? long.MaxValue : (long)elements;

    /// <summary>
    /// The number of elements (or, for a launch on a GPU, of groups of threads) that it would have, at most 2^63 - 1.
    /// </summary>
    public long Elements { get; }

    /// <summary>Returns the product of two sizes.</summary>
    /// <param name="what">The operation and its sizes, with which the message begins.</param>
    /// <param name="first">The first size, at least 0.</param>
    /// <param name="second">The second size, at least 0.</param>
    /// <param name="hint">The advice on what to make smaller, as a sentence.</param>
    /// <exception cref="SizeLimitException">The number is more than 2^31 - 1.</exception>
    public static int Product(string what, int first, int second, string hint = "Make one of the sizes smaller.") =>
        Check(what, (long)first * second, hint);

    /// <summary>Returns a number of elements that is within the limit.</summary>
    /// <param name="what">The operation and its sizes, with which the message begins.</param>
    /// <param name="elements">The number of elements, at least 0.</param>
    /// <param name="hint">The advice on what to make smaller, as a sentence.</param>
    /// <exception cref="SizeLimitException">The number is more than 2^31 - 1.</exception>
    public static int Check(string what, decimal elements, string hint = "Make one of the sizes smaller.") =>
        elements > int.MaxValue ? throw new SizeLimitException(what, elements, hint) : (int)elements;

    /// <summary>Throws for a number of elements that no .NET array can hold.</summary>
    /// <param name="what">The operation and its sizes, with which the message begins.</param>
    /// <param name="elements">The number of elements, at least 0.</param>
    /// <exception cref="SizeLimitException">The number is more than <see cref="Array.MaxLength"/>.</exception>
    internal static void CheckArray(string what, long elements)
    {
        if (elements > Array.MaxLength)
        {
            throw new SizeLimitException(what, elements, "Make one of the sizes smaller.",
                limit: "2^31 - 57, the limit of a .NET array");
        }
    }

    /// <summary>Returns a number of groups of threads that one launch on a GPU can have.</summary>
    internal static int CheckGroups(string operation, long groups) => groups > int.MaxValue
        ? throw new SizeLimitException($"{operation}: a launch", groups, "Work on a part at a time.", "groups of threads")
        : (int)groups;
}
