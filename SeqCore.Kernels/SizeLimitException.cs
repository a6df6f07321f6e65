using System.Globalization;

namespace SeqCore;

/// <summary>
/// Sizes whose product is more than 2^31 - 1: no buffer, tensor or batch has so many elements; or more than 2^31 - 57, where
/// they have to lie in an array of .NET. The message names what it would be, how many elements it would have, and what to make
/// smaller.
/// </summary>
public sealed class SizeLimitException : ArgumentException
{
    private SizeLimitException(string what, decimal elements, string hint, string unit = "elements", string limit = "2^31 - 1")
        : base(string.Create(CultureInfo.InvariantCulture,
            $"{what} would have {elements:N0} {unit}, more than {limit}. {hint}")) =>
        Elements = elements > long.MaxValue ? long.MaxValue : (long)elements;

    /// <summary>The elements (or, of a launch on a GPU, the groups of threads) that it would have, at most 2^63 - 1.</summary>
    public long Elements { get; }

    /// <summary>The product of two sizes.</summary>
    /// <param name="what">What has so many elements: the operation and its sizes.</param>
    /// <param name="first">At least 0.</param>
    /// <param name="second">At least 0.</param>
    /// <param name="hint">What to make smaller, a sentence.</param>
    /// <exception cref="SizeLimitException">It is more than 2^31 - 1.</exception>
    public static int Product(string what, int first, int second, string hint = "Make one of the sizes smaller.") =>
        Check(what, (long)first * second, hint);

    /// <summary>A number of elements that fits.</summary>
    /// <param name="what">What has so many elements: the operation and its sizes.</param>
    /// <param name="elements">At least 0.</param>
    /// <param name="hint">What to make smaller, a sentence.</param>
    /// <exception cref="SizeLimitException">It is more than 2^31 - 1.</exception>
    public static int Check(string what, decimal elements, string hint = "Make one of the sizes smaller.") =>
        elements > int.MaxValue ? throw new SizeLimitException(what, elements, hint) : (int)elements;

    /// <summary>Refuses a number of elements that no array of .NET can have.</summary>
    /// <param name="what">What has so many elements: the operation and its sizes.</param>
    /// <param name="elements">At least 0.</param>
    /// <exception cref="SizeLimitException">It is more than <see cref="Array.MaxLength"/>.</exception>
    internal static void CheckArray(string what, long elements)
    {
        if (elements > Array.MaxLength)
        {
            throw new SizeLimitException(what, elements, "Make one of the sizes smaller.",
                limit: "2^31 - 57, the most that an array of .NET holds");
        }
    }

    /// <summary>A number of groups of threads that one launch on a GPU takes.</summary>
    internal static int CheckGroups(string operation, long groups) => groups > int.MaxValue
        ? throw new SizeLimitException($"{operation}: a launch", groups, "Work on a part at a time.", "groups of threads")
        : (int)groups;
}
