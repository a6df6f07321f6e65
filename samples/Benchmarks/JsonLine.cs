using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SeqCore.Benchmarks;

/// <summary>One JSON object on one line.</summary>
internal static class JsonLine
{
    // Nothing here goes into a page, so that names may keep their signs.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Write(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
