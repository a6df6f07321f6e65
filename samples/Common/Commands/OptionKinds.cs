using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace SeqCore.Samples.Common;

/// <summary>
/// Options whose values are checked, with one-line errors that say what is expected. If an option is given twice, the last one
/// counts, as scripts that add options expect.
/// </summary>
public static class OptionKinds
{
    /// <summary>A whole number in a range.</summary>
    public static Option<int> Whole(string name, string help, int value, int min, int max) =>
        Checked(name, help, "N", value, $"a whole number from {Number(min)} to {Number(max)}",
            text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && n >= min
                && n <= max ? (true, n) : default);

    /// <summary>A whole number from 0 to 2^64 - 1.</summary>
    public static Option<ulong> Seed(string name, string help, ulong value) =>
        Checked(name, help, "N", value, "a whole number from 0 to 18446744073709551615",
            text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? (true, n) : default);

    /// <summary>A number that passes a test.</summary>
    /// <param name="name">The name with its dashes.</param>
    /// <param name="help">The text of --help.</param>
    /// <param name="value">The default.</param>
    /// <param name="range">The test in words.</param>
    /// <param name="accepts">The test; NaN should not pass.</param>
    public static Option<float> Real(string name, string help, float value, string range, Func<float, bool> accepts) =>
        Checked(name, help, "X", value, $"a number {range}",
            text => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && accepts(x)
                ? (true, x)
                : default);

    /// <summary>A choice between yes and no; <c>--name false</c> turns it off.</summary>
    public static Option<bool> Flag(string name, string help, bool value) => new(name)
    {
        Description = help,
        DefaultValueFactory = _ => value,
    };

    /// <summary>A probability that is below 1, as those of dropout are.</summary>
    public static Option<float> Probability(string name, string help, float value) =>
        Real(name, help, value, "from 0, below 1", p => p is >= 0 and < 1);

    /// <summary>One of some words.</summary>
    public static Option<string> Choice(string name, string help, string value, params string[] words)
    {
        // A long list would make the first column of --help wide.
        var (shown, listed) = string.Join('|', words) is { Length: <= 24 } all
            ? (all, "")
            : ("NAME", $" One of: {string.Join(", ", words)}.");
        return Checked(name, help + listed, shown, value, string.Join(" or ", words), text => (words.Contains(text), text));
    }

    /// <summary>An optional text.</summary>
    public static Option<string?> Text(string name, string help, string shown) =>
        new(name)
        {
            Description = help,
            HelpName = shown,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => result.Tokens[^1].Value,
        };

    /// <summary>An optional file or folder, whose name may not be empty.</summary>
    public static Option<string?> Path(string name, string help, string shown)
    {
        var option = Text(name, help, shown);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [.., { Value: "" }])
                result.AddError($"{name} should name a {(shown == "DIR" ? "folder" : "file")}; got ''.");
        });
        return option;
    }

    /// <summary>The device that computes, by default the CPU.</summary>
    public static Option<Device> Device() =>
        Checked("--device", "The device that computes.", "cpu|cuda|opencl[:n]", SeqCore.Device.Cpu,
            "cpu, cuda, cuda:N, opencl or opencl:N", ReadDevice);

    /// <summary>The threads of the CPU; see <see cref="Threads(ParseResult, Option{int})"/>.</summary>
    public static Option<int> Threads() =>
        Whole("--threads", "Number of threads on the CPU; 0 uses one for each core. Results do not depend on it.", 0, 0, 1024);

    /// <summary>The number of threads, with a warning where the machine has fewer processors.</summary>
    public static int Threads(this ParseResult result, Option<int> threads)
    {
        var (count, processors) = (result.GetValue(threads), Environment.ProcessorCount);
        if (count > processors)
        {
            result.InvocationConfiguration.Error.WriteLine($"--threads {count}: this machine has"
                + $" {Show.Number(processors, "processor")}, and more threads than that only wait for one another.");
        }

        return count;
    }

    /// <summary>An SVG file to write a drawing into.</summary>
    public static Option<string?> Svg(string what) => Path("--svg", $"SVG file to draw the {what} into.", "FILE");

    /// <summary>Writes the drawing that <see cref="Svg"/> asks for, if it does.</summary>
    public static void WriteSvg(string? path, Func<string> draw)
    {
        if (path is null)
            return;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        AtomicFile.WriteText(path, draw());
    }

    /// <summary>Selects results that programs can read.</summary>
    public static Option<bool> Json() =>
        new("--json") { Description = "Write results as JSON lines to standard output, everything else to standard error." };

    /// <summary>An option whose value has to be parsed.</summary>
    public static Option<T> Checked<T>(string name, string help, string shown, T value, string expected,
        Func<string, (bool Ok, T Value)> read) =>
        new(name)
        {
            Description = help,
            HelpName = shown,
            Arity = ArgumentArity.OneOrMore,
            DefaultValueFactory = _ => value,
            CustomParser = result => Read(result, name, expected, read),
        };

    /// <summary>The HTML page of attention that a command can write.</summary>
    /// <param name="what">What the page shows.</param>
    /// <param name="otherwise">Where the page goes if the option is left out.</param>
    public static Option<string?> AttentionPage(string what, string otherwise = "none") =>
        Path("--attention", $"Write an HTML page that shows {what}. [default: {otherwise}]", "FILE");

    /// <summary>Makes sure that a page can be written, before any long work is done for it.</summary>
    /// <param name="path">The path of the page; null for none.</param>
    /// <param name="option">The option that names the page.</param>
    /// <exception cref="UserException">The page cannot be written.</exception>
    public static void RequireWritable(string? path, string option = "--attention")
    {
        if (path is null)
            return;
        if (Directory.Exists(path))
            throw new UserException($"{option}: '{path}' is a folder. Name a file in it.");
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
            AtomicFile.RequireWritable(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{option}: '{path}' cannot be written: {failure.Message}");
        }
    }

    /// <summary>Whether an option is given on the command line and does not have its default.</summary>
    public static bool IsGiven(this ParseResult result, string name) =>
        result.GetResult(name) is OptionResult { Implicit: false };

    /// <summary>The value on the command line, or a default where there is none.</summary>
    public static T Given<T>(this ParseResult result, string name, T otherwise) =>
        result.IsGiven(name) ? result.GetValue<T>(name)! : otherwise;

    /// <summary>Refuses options that are excluded by another.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="message">Makes the message from the name of the given option.</param>
    /// <param name="excluded">The excluded options.</param>
    /// <exception cref="UserException">One of them is given.</exception>
    public static void Refuse(this ParseResult result, Func<string, string> message, params string[] excluded)
    {
        if (Array.Find(excluded, result.IsGiven) is { } given)
            throw new UserException(message(given), isUsage: true);
    }

    private static T? Read<T>(ArgumentResult result, string name, string expected, Func<string, (bool Ok, T Value)> read)
    {
        var text = result.Tokens[^1].Value;
        var (ok, value) = read(text);
        if (!ok)
            result.AddError($"{name} should be {expected}; got '{text}'.");
        return value;
    }

    private static (bool, Device) ReadDevice(string text)
    {
        try
        {
            return (true, SeqCore.Device.Parse(text));
        }
        catch (FormatException)
        {
            return (false, SeqCore.Device.Cpu);
        }
    }

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
