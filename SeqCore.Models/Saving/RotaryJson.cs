using System.Text.Json;
using System.Text.Json.Serialization;

namespace SeqCore.Models;

/// <summary>
/// Writes the sizes, base, scale and pairing of rotary positions, which have no weights and are recreated from these.
/// </summary>
internal sealed class RotaryJson : JsonConverter<RotaryPositions>
{
    private static readonly OptionsJson context = OptionsJson.Default;

    public override RotaryPositions Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var saved = JsonSerializer.Deserialize(ref reader, context.RotarySettings)
            ?? throw new JsonException("Rotary positions should be an object.");
        try
        {
            return new RotaryPositions(saved.HeadSize, saved.RotarySize, saved.FrequencyBase, saved.PositionScale, saved.Pairs);
        }
        catch (ArgumentException wrong)
        {
            throw new JsonException(wrong.Message, wrong);
        }
    }

    public override void Write(Utf8JsonWriter writer, RotaryPositions value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer,
            new RotarySettings(value.HeadSize, value.RotarySize, value.FrequencyBase, value.PositionScale, value.Pairs),
            context.RotarySettings);
}

/// <summary>The arguments that rotary positions were made with.</summary>
internal sealed record RotarySettings(int HeadSize, int RotarySize, double FrequencyBase, double PositionScale,
    RotaryPairs Pairs);
