using System.Runtime.CompilerServices;

namespace SeqCore.Models;

/// <summary>Checks of arguments where there is no place for a statement.</summary>
internal static class Argument
{
    /// <returns>The argument.</returns>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    internal static T NotNull<T>(T argument, [CallerArgumentExpression(nameof(argument))] string? name = null) where T : class
    {
        ArgumentNullException.ThrowIfNull(argument, name);
        return argument;
    }
}
