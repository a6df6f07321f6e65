using System.Globalization;

namespace SeqCore.Tests.Documentation;

/// <summary>
/// The examples of the libraries' XML documentation, each between a line that names its type or member and a line <c>End</c>.
/// </summary>
public static partial class Examples
{
    /// <summary>Runs an example and returns the lines that it prints.</summary>
    internal static IReadOnlyList<string> Run(string example)
    {
        Console.Lines.Value = [];
        typeof(Examples).GetMethod(example)!.CreateDelegate<Action>()();
        return Console.Lines.Value;
    }

    /// <summary>Stands in for the console of the system, whose output other tests share.</summary>
    private static class Console
    {
        internal static readonly AsyncLocal<List<string>?> Lines = new();

        internal static void WriteLine(object? value) =>
            Lines.Value?.Add(Convert.ToString(value, CultureInfo.InvariantCulture)!);
    }
}
