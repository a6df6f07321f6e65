using SeqCore.Samples.LstmVsTransformer;

namespace SeqCore.Tests.Samples.LstmVsTransformer;

public class TaskTests
{
    private readonly RandomGenerator random = new(7);

    [Fact]
    public void Remembering_asks_for_the_first_token()
    {
        foreach (var (tokens, answers) in Draw(new RememberFirst(12), 50))
        {
            answers.Should().Equal(tokens[0]);
            tokens.Should().OnlyContain(t => t >= 0 && t < 8);
        }
    }

    [Fact]
    public void Copying_asks_for_the_first_five_symbols_after_the_marker()
    {
        foreach (var (tokens, answers) in Draw(new CopyTask(15), 50))
        {
            tokens[..5].Should().Equal(answers).And.OnlyContain(t => t < 8);
            tokens[5..10].Should().OnlyContain(t => t == 8);
            tokens[10].Should().Be(9);
            tokens[11..].Should().OnlyContain(t => t == 8);
        }
    }

    [Fact]
    public void Associative_recall_asks_for_the_value_that_followed_the_key()
    {
        foreach (var (tokens, answers) in Draw(new AssociativeRecall(9), 200))
        {
            int[] keys = [tokens[0], tokens[2], tokens[4], tokens[6]];
            keys.Should().OnlyHaveUniqueItems().And.OnlyContain(k => k < 8);
            var asked = Array.IndexOf(keys, tokens[8]);
            asked.Should().BeGreaterThanOrEqualTo(0);
            tokens[2 * asked + 1].Should().Be(answers[0] + 8);
            answers[0].Should().BeInRange(0, 7);
        }
    }

    [Fact]
    public void Adding_asks_for_the_scaled_sum_of_the_marked_numbers()
    {
        const int length = 24;
        for (var i = 0; i < 300; i++)
        {
            var pairs = new float[2 * length];
            var target = AddingTask.Fill(random, pairs);
            int[] marked = [.. Enumerable.Range(0, length).Where(t => pairs[2 * t + 1] == 1f)];
            marked.Should().HaveCount(2);
            marked[0].Should().BeLessThan(10);
            marked[1].Should().BeLessThan(length / 2);
            target.Should().Be(0.5f + (pairs[2 * marked[0]] + pairs[2 * marked[1]]) / 4f);
            if (marked[0] == 0)
                pairs[0].Should().Be(0f);
            else
                pairs[1].Should().Be(-1f);
            pairs[^1].Should().Be(-1f);
            Enumerable.Range(1, length - 2).Where(t => !marked.Contains(t)).Should().OnlyContain(t => pairs[2 * t + 1] == 0f);
        }
    }

    [Fact]
    public void Any_of_the_first_ten_can_be_marked_first_and_any_of_the_first_half()
    {
        var seen = new HashSet<int>();
        for (var i = 0; i < 2000; i++)
        {
            var pairs = new float[48];
            AddingTask.Fill(random, pairs);
            seen.UnionWith(Enumerable.Range(0, 24).Where(t => pairs[2 * t + 1] == 1f));
        }

        seen.Order().Should().Equal(Enumerable.Range(0, 12));
    }

    [Fact]
    public void Right_answers_have_accuracy_1_and_wrong_ones_0()
    {
        var task = new RememberFirst(5);
        using var batch = task.Draw(random, 4);
        var first = batch.Classes!.ToArray();
        task.Accuracy(OneHot(first), batch).Should().Be(1);
        task.Accuracy(OneHot([.. first.Select(c => (c + 1) % 8)]), batch).Should().Be(0);
        task.Accuracy(OneHot([first[0], first[1], (first[2] + 1) % 8, first[3]]), batch).Should().Be(0.75);

        static Tensor OneHot(int[] classes)
        {
            var values = new float[classes.Length * 8];
            for (var i = 0; i < classes.Length; i++)
                values[i * 8 + classes[i]] = 1f;
            return Tensor.FromSpan(values, [classes.Length, 1, 8]);
        }
    }

    [Fact]
    public void A_sum_is_right_within_the_tolerance_of_the_paper()
    {
        var task = new AddingTask(12);
        using var batch = task.Draw(random, 2);
        var targets = batch.Values!.ToArray();
        task.Accuracy(Tensor.FromSpan([targets[0] + 0.039f, targets[1] - 0.041f], [2, 1, 1]), batch).Should().Be(0.5);
    }

    [Fact]
    public void Always_saying_one_half_is_as_good_as_chance_says()
    {
        var task = new AddingTask(40);
        using var batch = task.Draw(random, 4000);
        task.Accuracy(Tensor.Full([4000, 1, 1], 0.5f), batch).Should().BeApproximately(task.Chance, 0.02);
    }

    [Fact]
    public void Lengths_too_short_for_the_task_are_refused()
    {
        FluentActions.Invoking(() => new CopyTask(9)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new AddingTask(7)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new AssociativeRecall(8)).Should().Throw<ArgumentException>().WithMessage("*should be odd*");
    }

    private IEnumerable<(int[] Tokens, int[] Answers)> Draw(TokenTask task, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (tokens, answers) = (new int[task.Length], new int[task.Answers]);
            task.Fill(random, tokens, answers);
            yield return (tokens, answers);
        }
    }
}
