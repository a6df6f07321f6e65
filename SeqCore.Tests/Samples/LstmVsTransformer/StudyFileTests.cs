using System.Globalization;
using System.Text.Json.Nodes;
using SeqCore.Samples.Common;
using SeqCore.Samples.LstmVsTransformer;

namespace SeqCore.Tests.Samples.LstmVsTransformer;

public sealed class StudyFileTests : IDisposable
{
    private static readonly string[] mayBeNull = ["learned_at", "attention_share", "gradient_share"];
    private static readonly string[] mayBeMissing = ["batch", "learning_rates", "clip", "every", "learned"];

    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-study-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("speed", "result.whole[0].points[0].y")]
    [InlineData("memory", "result.inference[0].points[0].y")]
    [InlineData("recall", "result.runs[0].points[0].accuracy")]
    [InlineData("gradients", "result.flows[0].median[0]")]
    public void The_report_names_the_file_and_the_field_that_is_null(string part, string field)
    {
        Change(part, field, null);
        var run = StudyRun.Of("report", "--out", folder);
        run.Code.Should().Be(1);
        var file = Path.Combine(folder, part + ".json");
        run.Error.Should().Be($"The file '{file}' does not hold the results of the {part} command:"
            + $" {field} should be a number; got null. Delete it, or run that command again.\n");
    }

    [Theory]
    [InlineData("speed")]
    [InlineData("memory")]
    [InlineData("recall")]
    [InlineData("gradients")]
    public void Every_field_that_is_null_missing_or_of_another_type_is_named(string part)
    {
        var fields = Fields(Written(part), "").ToArray();
        fields.Should().HaveCountGreaterThan(20);
        foreach (var field in fields)
        {
            var name = field.Split('.')[^1];
            if (!mayBeNull.Contains(name))
                MessageFor(part, field, null).Should().Contain($" {field} should be ").And.Contain("; got null.");
            MessageFor(part, field, JsonValue.Create(true)).Should().Contain($" {field} should be ").And.Contain("; got true.");
            if (!field.EndsWith(']') && !mayBeMissing.Contains(name))
                MessageFor(part, field, null, isRemoved: true).Should().Contain($" {field} is missing.");
        }
    }

    [Theory]
    [InlineData("speed", "result.models[0].model", "99", "result.models[0].model should be one of \"RNN\", ")]
    [InlineData("speed", "result.models[0].units", "1.5", "result.models[0].units should be a whole number in range; got 1.5.")]
    [InlineData("speed", "result.whole[0].points[0].y", "-1", "result.whole[0].points[0] should have an x above 0 and")]
    [InlineData("memory", "result.state[0].points[0].x", "\"NaN\"", "result.state[0].points[0] should have an x above 0 and")]
    [InlineData("gradients", "result.flows[0].median", "[]", "every list in result.flows should have 120 numbers")]
    public void Values_that_cannot_be_measured_are_named(string part, string field, string value, string message) =>
        MessageFor(part, field, JsonNode.Parse(value)).Should().Contain(message);

    private string MessageFor(string part, string field, JsonNode? value, bool isRemoved = false)
    {
        Change(part, field, value, isRemoved);
        return new Action(() => Study.Read(folder)).Should().Throw<UserException>(field).Which.Message;
    }

    /// <summary>Writes the file of a part in which one field is changed.</summary>
    private void Change(string part, string field, JsonNode? value, bool isRemoved = false)
    {
        var root = Written(part);
        var steps = field.Split('.', '[');
        var owner = steps[..^1].Aggregate(root, (node, step) => IsIndex(step, out var i) ? node[i]! : node[step]!);
        if (isRemoved)
            owner.AsObject().Remove(steps[^1]);
        else if (IsIndex(steps[^1], out var index))
            owner[index] = value;
        else
            owner[steps[^1]] = value;
        File.WriteAllText(Path.Combine(folder, part + ".json"), root.ToJsonString());
    }

    private static bool IsIndex(string step, out int index) =>
        int.TryParse(step.TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out index);

    private JsonNode Written(string part)
    {
        var study = FixtureStudy.AsTheFieldSays;
        StudyFile.Write(folder, "speed", study.Speed!);
        StudyFile.Write(folder, "memory", study.Memory!);
        StudyFile.Write(folder, "recall", study.Recall!);
        StudyFile.Write(folder, "gradients", study.Gradients!);
        return JsonNode.Parse(File.ReadAllText(Path.Combine(folder, part + ".json")))!;
    }

    /// <summary>The path of every field, of lists those of the first element.</summary>
    private static IEnumerable<string> Fields(JsonNode? node, string path) => node switch
    {
        JsonObject fields => fields.SelectMany(f => Below(f.Value, path == "" ? f.Key : $"{path}.{f.Key}")),
        JsonArray { Count: > 0 } items => Below(items[0], $"{path}[0]"),
        _ => [],
    };

    private static IEnumerable<string> Below(JsonNode? node, string path) => Fields(node, path).Prepend(path);
}
