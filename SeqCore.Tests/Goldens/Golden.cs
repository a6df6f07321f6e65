using System.Text.Json;

namespace SeqCore.Tests.Goldens;

/// <summary>Reads the numbers that PyTorch gave; the script that made each file is beside it.</summary>
internal static class Golden
{
    internal static JsonElement Read(string file)
    {
        using var stream = typeof(Golden).Assembly.GetManifestResourceStream(file)
            ?? throw new FileNotFoundException($"{file} is not among the goldens built into the tests.");
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }

    internal static float[] Floats(this JsonElement element) => [.. element.EnumerateArray().Select(Float)];

    internal static int[] Integers(this JsonElement element) => [.. element.EnumerateArray().Select(e => e.GetInt32())];

    /// <summary>Reads a number; JSON has none for NaN and the infinities, which are texts.</summary>
    private static float Float(JsonElement number) => number.ValueKind == JsonValueKind.Number ? number.GetSingle()
        : number.GetString() switch
        {
            "nan" => float.NaN,
            "inf" => float.PositiveInfinity,
            "-inf" => float.NegativeInfinity,
            var other => throw new FormatException($"{other} is not a number."),
        };

    internal static Tensor ToTensor(this JsonElement element) =>
        Tensor.FromSpan(element.GetProperty("values").Floats(), element.GetProperty("shape").Integers());
}
