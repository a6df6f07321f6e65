using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SeqCore.Models;

/// <summary>
/// Reads and writes the options of all models without reflection, so that programs can be trimmed. Names are in snake case, such
/// as <c>vocabulary_size</c>; an unknown name is an error.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    Converters = [typeof(RotaryJson)])]
[JsonSerializable(typeof(AutoencoderDetectorFile))]
[JsonSerializable(typeof(BertOptions))]
[JsonSerializable(typeof(ClassicalOptions))]
[JsonSerializable(typeof(ConformalFile))]
[JsonSerializable(typeof(GptOptions))]
[JsonSerializable(typeof(NetworkForecasterFile))]
[JsonSerializable(typeof(RecurrentDetectorFile))]
[JsonSerializable(typeof(RecurrentEncoderDecoderOptions))]
[JsonSerializable(typeof(RecurrentLanguageModelOptions))]
[JsonSerializable(typeof(RotarySettings))]
[JsonSerializable(typeof(SeriesClassifierFile))]
[JsonSerializable(typeof(SmoothingDetectorFile))]
[JsonSerializable(typeof(SmoothingLstmFile))]
[JsonSerializable(typeof(TextClassifierOptions))]
[JsonSerializable(typeof(TextTaggerOptions))]
[JsonSerializable(typeof(TransformerOptions))]
[JsonSerializable(typeof(WindowedGaussianFile))]
internal sealed partial class OptionsJson : JsonSerializerContext
{
    internal static string Write<T>(T options, JsonTypeInfo<T> type) => JsonSerializer.Serialize(options, type);
}
