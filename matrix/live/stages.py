"""The stages of a live cell: those of an emulated one, except those that only an emulation can run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from .. import visitor
from ..engine import deployer, stages, summary_page
from ..engine.run import Json, Run, Stage, StageSkipped
from ..record import provenance
from . import ledger


@dataclass(frozen=True, kw_only=True)
class Consent:
    """Asks for consent once the plan has the cost. `agree` shows the text and returns the answer."""

    cap: int
    unknown_cost: bool
    agree: Callable[[str], bool]

    def stage(self, run: Run) -> Run:
        """Raises StageSkipped unless the cost is known, within the limit, and agreed to."""
        folder = run.box.work / "configure" / run.source.name
        plan = deployer.parse(deployer.start_deployer(run, folder, "--automate-all", "--dry-run").stdout, "previewed")
        cents = plan["monthly_cost_cents"]
        if cents is None and not self.unknown_cost:
            raise StageSkipped(
                f"{run.platform} alone knows what this costs, so no cap can hold: --unknown-cost says that you know it."
            )
        if cents is not None and cents > self.cap:
            raise StageSkipped(
                f"This would cost ${cents / 100:.2f} for each month in which it is not destroyed, "
                f"and --spend allows ${self.cap / 100:.2f}."
            )
        if not self.agree(_question(plan, cents)):
            raise StageSkipped("You said no: nothing was created.")
        return run


def _question(plan: Json, cents: int | None) -> str:
    created = [f"  {step['creates']}: {step['cost'] or 'free'}" for step in plan["steps"] if step["creates"]]
    price = "what the platform says" if cents is None else f"at most ${cents / 100:.2f} a month while it exists"
    return "\n".join(
        [
            f"This creates on the REAL {plan['platform']}, on the account {plan['account']}:",
            *created,
            f"It costs {price}. It is tested for some minutes and then destroyed, also if a test fails.",
        ]
    )


def deploy(run: Run) -> Run:
    """Record what is about to be created, then deploy."""
    project = run.box.work / "deploy" / run.source.name
    app = run.options[run.options.index("--deployed-project-name") + 1]
    begun = provenance.now()
    ledger.note(ledger.Entry(platform=run.platform, app=app, project=str(project), python=str(run.python), begun=begun))
    return stages.deploy(run)


def use(run: Run) -> Run:
    """Use the site as its visitors would, at its real address."""
    findings = visitor.visit(run.url, proxy=stages.router(run), ca=stages.authorities(run))
    run.log.write("\n".join(findings.passed))
    return replace(run, findings=findings)


def summary(run: Run) -> Run:
    """Read the summary page; the platform's secrets are unknown here."""
    summary_page.verified(run)
    return run


def live_stages(consent: Consent) -> tuple[Stage, ...]:
    """In order; destroying comes after them, whatever happens."""
    return (
        Stage(name="generate", function=stages.generate),
        Stage(name="configure", function=stages.configure),
        Stage(name="check", function=stages.check),
        Stage(name="consent", function=consent.stage),
        Stage(name="deploy", function=deploy),
        Stage(name="use", function=use),
        Stage(name="summary", function=summary),
        Stage(name="redeploy", function=stages.redeploy),
        Stage(name="rerun", function=stages.rerun),
    )
